// A page as the users of Auth.js write it. `auth-client` is `next-auth/react`, of v5 or of v4, as its authors publish it.

import { createRoot } from 'react-dom/client'
import { SessionProvider, getCsrfToken, getProviders, getSession, signIn, signOut, useSession } from 'auth-client'

/** What a script in the browser may call, beside what the page shows. */
window.client = { getCsrfToken, getProviders, getSession, signIn, signOut }

const Somebody = () => {
  const { data, status, update } = useSession()
  window.client.update = update
  window.client.session = data
  return <main data-status={status}>{data?.user?.name ?? 'nobody'}</main>
}

const MembersOnly = () => {
  const { data } = useSession({ required: true })
  return <main data-status={data ? 'member' : 'stranger'}>{data?.user?.name}</main>
}

const Page = location.pathname === '/members' ? MembersOnly : Somebody
createRoot(document.getElementById('page')).render(
  <SessionProvider>
    <Page />
  </SessionProvider>,
)

// A page that is made on the server, for whoever asks.

import { auth } from '../auth'

const Page = async () => {
  const session = await auth()
  return <main>{session?.user?.name ?? 'nobody'}</main>
}

export default Page

// The actions of Auth.js.

import { handlers } from '../../../../auth'

export const { GET, POST } = handlers

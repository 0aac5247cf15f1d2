// How the servers send mail. The id is part of the link, so all of them have the same.

export const mail = () => ({ id: 'email', server: process.env.EMAIL_SERVER, from: process.env.EMAIL_FROM })

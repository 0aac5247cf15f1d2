"""Takes every mail, and says it on a line: whom it is for, and what its parts are.

Over TLS from the first byte, where a certificate and its key are named after the port.
"""

import json
import ssl
import sys
from email import message_from_bytes, policy
from socket import create_connection

from aiosmtpd.controller import Controller


def parts(message):
    leaves = [part for part in message.walk() if not part.is_multipart()]
    return {part.get_content_type(): part.get_content() for part in leaves}


class PostOffice:
    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content, policy=policy.default)
        said = {
            "envelope": {"from": envelope.mail_from, "to": envelope.rcpt_tos},
            "from": str(message["from"]),
            "to": str(message["to"]),
            "subject": str(message["subject"]),
            "parts": parts(message),
        }
        print(json.dumps(said), flush=True)
        return "250 Taken"


def certificate(files):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    return context


class OfficeOverTls(Controller):
    def _trigger_server(self):
        # The controller would greet itself over TLS, and trusts no certificate of ours.
        create_connection((self.hostname, self.port), 1.0).close()


port, *files = sys.argv[1:]
where = {"hostname": "127.0.0.1", "port": int(port)}
if files:
    office = OfficeOverTls(PostOffice(), ssl_context=certificate(files), **where)
else:
    office = Controller(PostOffice(), **where)
office.start()
print("listening", flush=True)
sys.stdin.read()
office.stop()

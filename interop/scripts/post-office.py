"""Takes every mail, and says it on a line: whom it is for, and what its parts are."""

import json
import sys
from email import message_from_bytes, policy

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


office = Controller(PostOffice(), hostname="127.0.0.1", port=int(sys.argv[1]))
office.start()
print("listening", flush=True)
sys.stdin.read()
office.stop()

"""A real SMTP server for smtp_mailer_test: prints its port, then each mail as one JSON line, decoded by Python's own mail parser.

Recipients named never@ are refused for good, later@ for now, slow@ are answered after the test has given up.
"""

import asyncio
import email
import email.policy
import json
import sys

from aiosmtpd.smtp import SMTP


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("never@"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later@"):
            return "451 4.7.1 greylisted"
        if address.startswith("slow@"):
            await asyncio.sleep(60)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        raw = envelope.content.decode("ascii")
        print(
            json.dumps(
                {
                    "from": envelope.mail_from,
                    "to": envelope.rcpt_tos,
                    "headers": {name: str(value) for name, value in mail.items()},
                    "text": mail.get_content().replace("\r\n", "\n"),
                    "defects": [str(defect) for defect in mail.defects],
                    "longest": max(len(line) for line in raw.split("\r\n")),
                },
                ensure_ascii=False,
                sort_keys=True,
            ),
            flush=True,
        )
        return "250 taken"


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Handler(), loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


sys.stdout.reconfigure(encoding="utf-8")
asyncio.run(main())

import { createHmac } from 'node:crypto'
import type { Delivery, LocalGitHub } from '../../local-github/local-github.ts'

/** Sends a delivery as GitHub would, with its own GUID; resolves to the status. */
export async function send(
  gh: LocalGitHub,
  bridge: { url: string | Promise<string> },
  { guid, event, payload }: Pick<Delivery, 'guid' | 'event' | 'payload'>,
): Promise<number> {
  const body = JSON.stringify(payload)
  const answer = await fetch(`${await bridge.url}/api/github/webhooks`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-delivery': guid,
      'x-github-event': event,
      'x-hub-signature-256': `sha256=${createHmac('sha256', gh.app.webhookSecret).update(body).digest('hex')}`,
    },
    body,
  })
  await answer.arrayBuffer()
  return answer.status
}

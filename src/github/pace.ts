import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from './github.ts'

/** GitHub asks for a second between two writes; on this machine there is nobody to spare. */
const SPACE_MS = 1_000

/** Holds each installation's writes a second apart, whichever client sends them. */
export function createPace(apiUrl: string): (installation: number, client: Client) => Client {
  const space = /^https?:\/\/(?:localhost|127\.|\[::1\])/.test(apiUrl) ? 0 : SPACE_MS
  const next = new Map<number, number>()
  return (installation, client) => {
    client.hook.before('request', async ({ method }) => {
      if (space === 0 || method === 'GET') return
      const at = Math.max(Date.now(), next.get(installation) ?? 0)
      next.set(installation, at + space)
      await sleep(at - Date.now())
    })
    return client
  }
}

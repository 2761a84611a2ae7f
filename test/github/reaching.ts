import type { Client, Installations } from '../../src/github/client.ts'

/** GitHub of which every installation is this client. */
export function reaching(client: unknown): Installations {
  return { installation: async () => client as Client }
}

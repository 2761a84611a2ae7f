import { type AppOptions, createApp } from '../../src/http/app.ts'
import { siteAt } from '../../src/http/site.ts'

export interface TestAppOptions extends Omit<Partial<AppOptions>, 'shell'> {
  publicUrl?: string | undefined
  host?: string
  github?: string
  name?: string
}

/** The whole app, with whatever a test does not give left out: no set-up, no stores, nothing behind webhooks and health. */
export function testApp({ publicUrl, host = 'github.com', github, name, ...given }: TestAppOptions = {}) {
  return createApp({
    shell: {
      site: () => siteAt(publicUrl),
      host,
      github: github ?? `https://${host}`,
      wastelandName: async () => name,
    },
    webhooks: {
      intake: () => undefined,
      networkOf: () => '',
      answered: () => {},
      log: { warn: () => {} },
    },
    health: { readiness: async () => [], metrics: { text: async () => '', type: 'text/plain' } },
    stores: () => undefined,
    log: { error: () => {} },
    ...given,
  })
}

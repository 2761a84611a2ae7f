import type { Subcommand } from './subcommand.ts'

/** A subcommand by its name. Its file is loaded when it is asked for, with all that it alone needs. */
export interface ListedSubcommand {
  name: string
  load(): Promise<Subcommand>
}

/** Every subcommand of `wasteland-bridge`. */
export const SUBCOMMANDS: readonly ListedSubcommand[] = [
  { name: 'serve', load: async () => (await import('./serve.ts')).serve },
  { name: 'demo', load: async () => (await import('./demo.ts')).demo },
  { name: 'init', load: async () => (await import('./init.ts')).init },
  { name: 'doctor', load: async () => (await import('./doctor.ts')).doctor },
  { name: 'admit', load: async () => (await import('./admit.ts')).admit },
  { name: 'post', load: async () => (await import('./post.ts')).post },
  { name: 'promote', load: async () => (await import('./promote.ts')).promote },
  { name: 'suspend', load: async () => (await import('./suspend.ts')).suspend },
  { name: 'redeliver', load: async () => (await import('./redeliver.ts')).redeliver },
  { name: 'reconcile', load: async () => (await import('./reconcile.ts')).reconcile },
  { name: 'import', load: async () => (await import('./import.ts')).importProfiles },
  { name: 'forget', load: async () => (await import('./forget.ts')).forgetProfile },
  { name: 'seed', load: async () => (await import('./seed.ts')).seed },
  { name: 'backup', load: async () => (await import('./backup.ts')).backup },
  { name: 'vouch', load: async () => (await import('./vouch.ts')).vouch },
]

export function loadSubcommands(): Promise<Subcommand[]> {
  return Promise.all(SUBCOMMANDS.map(({ load }) => load()))
}

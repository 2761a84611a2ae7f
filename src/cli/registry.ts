import { admit } from './admit.ts'
import { backup } from './backup.ts'
import { demo } from './demo.ts'
import { doctor } from './doctor.ts'
import { forgetProfile } from './forget.ts'
import { importProfiles } from './import.ts'
import { init } from './init.ts'
import { post } from './post.ts'
import { promote } from './promote.ts'
import { reconcile } from './reconcile.ts'
import { redeliver } from './redeliver.ts'
import { seed } from './seed.ts'
import { serve } from './serve.ts'
import { suspend } from './suspend.ts'
import { vouch } from './vouch.ts'
import type { Subcommand } from './subcommand.ts'

/** Every subcommand of `wasteland-bridge`. */
export const SUBCOMMANDS: readonly Subcommand[] = [
  serve,
  demo,
  init,
  doctor,
  admit,
  post,
  promote,
  suspend,
  redeliver,
  reconcile,
  importProfiles,
  forgetProfile,
  seed,
  backup,
  vouch,
]

import type { Page } from '../page.ts'
import { findRig } from './home/find-rig.ts'
import { home } from './home/home.ts'
import { cancelImport } from './import/cancel.ts'
import { forgetProfile } from './import/forget.ts'
import { importProfile } from './import/import.ts'
import { jobEvents } from './import/job-events.ts'
import { importJob } from './import/job.ts'
import { rig } from './rigs/rig.ts'
import { registered } from './setup/registered.ts'
import { review } from './setup/review.ts'
import { startSetup } from './setup/start.ts'
import { signIn } from './sign-in/sign-in.ts'
import { signOut } from './sign-in/sign-out.ts'
import { signedIn } from './sign-in/signed-in.ts'

/** Every page, in the order of the navigation. */
export const PAGES: readonly Page[] = [
  home,
  importProfile,
  forgetProfile,
  importJob,
  jobEvents,
  cancelImport,
  findRig,
  rig,
  signIn,
  signedIn,
  signOut,
  startSetup,
  review,
  registered,
]

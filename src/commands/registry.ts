import { agent } from './agent.ts'
import { board } from './board.ts'
import { claim } from './claim.ts'
import { close } from './close.ts'
import type { Command } from './command.ts'
import { correct } from './correct.ts'
import { decline } from './decline.ts'
import { disown } from './disown.ts'
import { done } from './done.ts'
import { forget } from './forget.ts'
import { help } from './help.ts'
import { importProfile } from './import.ts'
import { join } from './join.ts'
import { link } from './link.ts'
import { own } from './own.ts'
import { post } from './post.ts'
import { promote } from './promote.ts'
import { reject } from './reject.ts'
import { sheet } from './sheet.ts'
import { stamp } from './stamp.ts'
import { status } from './status.ts'
import { suspend } from './suspend.ts'
import { unclaim } from './unclaim.ts'
import { undo } from './undo.ts'
import { unlink } from './unlink.ts'
import { update } from './update.ts'
import { withdraw } from './withdraw.ts'

/** Every slash command, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [
  help,
  status,
  board,
  sheet,
  claim,
  unclaim,
  done,
  post,
  update,
  withdraw,
  stamp,
  reject,
  correct,
  undo,
  close,
  link,
  unlink,
  own,
  disown,
  agent,
  importProfile,
  forget,
  decline,
  join,
  promote,
  suspend,
]

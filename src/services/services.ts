import type { ServiceDeps } from './context.ts'
import { postIssue, whyNotPost } from './post.ts'
import { claimItem, whyNotClaim } from './claim.ts'
import { unclaimItem, whyNotUnclaim } from './unclaim.ts'
import { submitWork, whyNotSubmit } from './submit.ts'
import { withdrawItem, whyNotWithdraw } from './withdraw.ts'
import { closeItem, whyNotClose } from './close.ts'
import { giveStamp, whyNotStamp } from './stamp.ts'
import { rejectWork, whyNotReject } from './reject.ts'
import { undoStamp, whyNotUndo } from './undo.ts'
import { correctStamp, whyNotCorrect } from './correct.ts'
import { whyLeftAlone } from './left-alone.ts'
import { linkRigs } from './link.ts'
import { unlinkRigs } from './unlink.ts'
import { ownAgent } from './own.ts'
import { disownAgent, whyNotDisown } from './disown.ts'
import { declareRigType } from './rig-type.ts'
import { updateItem, whyNotUpdate } from './update.ts'
import { declinePart } from './decline.ts'
import { joinAgain } from './join.ts'
import { requestImport } from './request-import.ts'
import { eraseProfile } from './erase.ts'
import { itemStatus } from './status.ts'
import { listBoard } from './board.ts'
import { showSheet } from './sheet.ts'
import { promoteRig, suspendRig, lacksTrust } from './trust.ts'

export type Services = ReturnType<typeof createServices>

/**
 * The use cases of people, each by one call; the operator's own (`postAsOperator`, `setTrustAsOperator`) are called by
 * the command line. Each checks the actor, the place and the right. Running one again with the same id finds what the
 * first run did, and gives the same answer.
 */
export function createServices(deps: ServiceDeps) {
  const bind =
    <A extends unknown[], R>(service: (deps: ServiceDeps, ...args: A) => R) =>
    (...args: A): R =>
      service(deps, ...args)
  return {
    postIssue: bind(postIssue),
    whyNotPost: bind(whyNotPost),
    claimItem: bind(claimItem),
    whyNotClaim: bind(whyNotClaim),
    unclaimItem: bind(unclaimItem),
    whyNotUnclaim: bind(whyNotUnclaim),
    submitWork: bind(submitWork),
    whyNotSubmit: bind(whyNotSubmit),
    withdrawItem: bind(withdrawItem),
    whyNotWithdraw: bind(whyNotWithdraw),
    closeItem: bind(closeItem),
    whyNotClose: bind(whyNotClose),
    giveStamp: bind(giveStamp),
    whyNotStamp: bind(whyNotStamp),
    rejectWork: bind(rejectWork),
    whyNotReject: bind(whyNotReject),
    undoStamp: bind(undoStamp),
    whyNotUndo: bind(whyNotUndo),
    correctStamp: bind(correctStamp),
    whyNotCorrect: bind(whyNotCorrect),
    linkRigs: bind(linkRigs),
    unlinkRigs: bind(unlinkRigs),
    ownAgent: bind(ownAgent),
    disownAgent: bind(disownAgent),
    whyNotDisown: bind(whyNotDisown),
    declareRigType: bind(declareRigType),
    updateItem: bind(updateItem),
    whyNotUpdate: bind(whyNotUpdate),
    declinePart: bind(declinePart),
    joinAgain: bind(joinAgain),
    requestImport: bind(requestImport),
    eraseProfile: bind(eraseProfile),
    itemStatus: bind(itemStatus),
    listBoard: bind(listBoard),
    showSheet: bind(showSheet),
    promoteRig: bind(promoteRig),
    suspendRig: bind(suspendRig),
    lacksTrust: bind(lacksTrust),
    whyLeftAlone,
  }
}

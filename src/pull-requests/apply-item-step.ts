import type { Completion } from '../domain/completion.ts'
import { completionId } from '../domain/ids.ts'
import { type Account, commitAuthor, entityUri, type Rig } from '../domain/rig.ts'
import { ledgerTime } from '../domain/time.ts'
import { MESSAGE_WORD, type Transition } from '../domain/wanted.ts'
import { deleteEntry, findEntry, saveEntry } from '../ledger/tables/bounties.ts'
import { deleteCompletion, insertCompletion, updateEvidence } from '../ledger/tables/completions.ts'
import { registerRig } from '../ledger/tables/rigs.ts'
import { findWanted, moveWanted, setWantedEvidence } from '../ledger/tables/wanted.ts'
import type { LedgerCommit } from '../ledger/engine/dolt-commit.ts'
import type { TransactionResult } from '../ledger/engine/writer.ts'
import type { Trailers } from '../domain/commit-message.ts'
import type { Times } from './event-times.ts'
import type { LedgerView, Step } from './item-state.ts'
import type { CommonsDb } from '../ledger/engine/types.ts'

/** The facts for a step besides the ledger's own rows. */
export interface StepFacts {
  host: string
  wanted: string
  pullRequestId: number
  author: Account
  evidence: string
  times: Times
  trailers: Trailers
}

export function completionOf(
  facts: Pick<StepFacts, 'host' | 'pullRequestId' | 'wanted'>,
  rig: Pick<Rig, 'handle'>,
): string {
  return completionId(facts.host, { kind: 'pull_request', id: facts.pullRequestId }, facts.wanted, rig.handle)
}

/** Writes one step's rows and names its Dolt commit, authored by the pull request's author. */
export async function takeStep(
  db: CommonsDb,
  step: Step,
  view: LedgerView,
  facts: StepFacts,
): Promise<TransactionResult<Step>> {
  if (step === 'register') {
    const rig = await registerRig(db, facts.host, facts.author, facts.times.linked)
    return { value: step, commit: by(facts, `Register rig: ${rig.handle}`) }
  }
  if (step === 'enter' || step === 'leave') return takeEntryStep(db, step, view, facts)
  if (step === 'submit') return submit(db, view, facts)
  const stands = await MOVES[step](db, view, facts)
  return {
    value: step,
    commit: by(facts, `wl ${MESSAGE_WORD[step === 'evidence' ? 'done' : step]}: ${facts.wanted}`),
    verifyAfter: stands,
  }
}

/** Writes claim and submission in one transaction and one commit: between the two, the item would count as reserved. */
async function submit(db: CommonsDb, view: LedgerView, facts: StepFacts): Promise<TransactionResult<Step>> {
  await MOVES.claim(db, view, facts)
  const stands = await MOVES.done(db, view, facts)
  const [claim, done] = (['claim', 'done'] as const).map((word) =>
    by(facts, `wl ${MESSAGE_WORD[word]}: ${facts.wanted}`),
  )
  return { value: 'submit', commit: { ...claim!, next: done! }, verifyAfter: stands }
}

type StepWriter = (db: CommonsDb, view: LedgerView, facts: StepFacts) => Promise<(after: CommonsDb) => Promise<boolean>>

const MOVES: Record<Exclude<Step, 'register' | 'submit' | 'enter' | 'leave'>, StepWriter> = {
  async claim(db, { rig }, facts) {
    await moveWanted(db, 'claim', facts.wanted, { claimedBy: rig!.handle, at: facts.times.linked })
    return reads(facts, 'claim', rig!.handle)
  },
  async done(db, { mine, rig }, facts) {
    await moveWanted(db, 'done', facts.wanted, { holder: rig!.handle, evidence: facts.evidence, at: facts.times.ready })
    // A row that stayed when somebody else moved its item gets the evidence.
    if (mine !== undefined) await updateEvidence(db, mine, facts.evidence)
    else await insertCompletion(db, submitted(facts, rig!))
    return reads(facts, 'done', rig!.handle)
  },
  async evidence(db, { mine, rig }, facts) {
    await updateEvidence(db, mine!, facts.evidence)
    await setWantedEvidence(db, facts.wanted, facts.evidence)
    return reads(facts, 'done', rig!.handle)
  },
  async withdraw(db, { mine, rig }, facts) {
    await deleteCompletion(db, mine!.id)
    await moveWanted(db, 'withdraw', facts.wanted, {
      holder: rig!.handle,
      claimedBy: null,
      evidence: null,
      at: facts.times.released,
    })
    return reads(facts, 'withdraw', null)
  },
  async unclaim(db, { rig }, facts) {
    await moveWanted(db, 'unclaim', facts.wanted, { holder: rig!.handle, claimedBy: null, at: facts.times.released })
    return reads(facts, 'unclaim', null)
  },
}

const STATUS_AFTER = {
  claim: 'claimed',
  done: 'in_review',
  withdraw: 'open',
  unclaim: 'open',
} as const satisfies Partial<Record<Transition, string>>

function reads({ wanted }: StepFacts, transition: keyof typeof STATUS_AFTER, holder: string | null) {
  return async (after: CommonsDb) => {
    const item = await findWanted(after, wanted)
    return item?.status === STATUS_AFTER[transition] && item.claimedBy === holder
  }
}

/** Writes a step for an open bounty, whose item does not move: the entry's row alone, on its branch. */
async function takeEntryStep(
  db: CommonsDb,
  step: 'enter' | 'leave',
  { mine, rig }: LedgerView,
  facts: StepFacts,
): Promise<TransactionResult<Step>> {
  const { wanted } = facts
  const id = completionOf(facts, rig!)
  const { branch } =
    step === 'leave'
      ? await deleteEntry(db, { wantedId: wanted, id })
      : await saveEntry(db, { ...(mine ?? submitted(facts, rig!)), evidence: facts.evidence })
  const subject = `wl ${MESSAGE_WORD[step === 'leave' ? 'unclaim' : 'done']}: ${wanted}`
  return {
    value: step,
    commit: { ...by(facts, subject), branch, empty: step === 'leave' },
    verifyAfter: async (after) => ((await findEntry(after, wanted, id)) === undefined) === (step === 'leave'),
  }
}

function submitted(facts: StepFacts, rig: Rig): Omit<Completion, 'stampId' | 'validatedBy'> {
  return {
    id: completionOf(facts, rig),
    wantedId: facts.wanted,
    completedBy: rig.handle,
    evidence: facts.evidence,
    hopUri: rig.hopUri ?? entityUri(facts.host, facts.author),
    completedAt: ledgerTime(facts.times.ready),
  }
}

function by(facts: StepFacts, subject: string): LedgerCommit {
  return { author: commitAuthor(facts.author), subject, trailers: facts.trailers }
}

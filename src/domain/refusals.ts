/** The rule that forbids a stamp. `share` is the least part of the changed lines that the validator wrote, 0–1. */
export type StampRefusal =
  /** Without a role's name no role counts: the work belongs to another repository. */
  | { rule: 'role'; roleName: string | undefined }
  /** `loginOfAnother`: the settings list their login, but it means another account, or nobody. */
  | { rule: 'narrowed'; loginOfAnother?: true }
  /** GitHub refuses, with this status, to tell who may stamp. */
  | { rule: 'untold'; status: number }
  | { rule: 'suspended' }
  | { rule: 'agent' }
  | { rule: 'unowned-agent'; agent: string }
  | { rule: 'yearbook-self' }
  | { rule: 'yearbook-owner'; rig: string }
  | { rule: 'yearbook-author'; sha: string; share: number }
  /** Not all authors of the work are known. */
  | { rule: 'yearbook-unseen' }

/** The rule by which somebody does not decide whose an agent is. */
export type AgentRefusal =
  | { rule: 'suspended' | 'agent' | 'no-workplace' }
  /** A repository where the person does not validate, or that we cannot ask about. */
  | { rule: 'elsewhere'; fullName: string }

/** The rule by which an account is not said to be an agent, or a person. */
export type AgentTypeRefusal =
  | { rule: 'already'; is: 'agent' | 'human' }
  | { rule: 'not-trusted' | 'not-proposed' | 'trusted' | 'bot' }
  | { rule: 'owned'; human: string }

/** The rule that forbids a change of trust. */
export type TrustRefusal =
  | { rule: 'not-trusted'; level: number }
  | { rule: 'agent' }
  | { rule: 'oneself'; rig: string }
  | { rule: 'above'; rig: string; level: number }
  | { rule: 'already'; rig: string; level: number }
  /** `lowered` was lowered within a day by this person or their side. */
  | { rule: 'one-a-day'; rig: string; lowered: string }

import { createHmac } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { joinedRead } from '../postgres/joined-read.ts'
import { settle } from '../postgres/store.ts'
import type { OperationsStore } from '../schema.ts'

/** `part`: nothing is recorded of them. `imports`: no profile of theirs is imported. */
export type KeptOut = 'part' | 'imports'

/** The time of a person's last opt-out of each kind, and of their return. */
export type OptOutStatus = Readonly<Partial<Record<KeptOut | 'joined', Date>>>

/**
 * Opt-outs from taking part or from imports: HMACs of host and numeric id, so that neither the file nor the table names
 * anybody. The file outlives the table and is written first.
 */
export interface OptOuts {
  /** True for a person who takes no part. */
  has(host: string, userId: number): Promise<boolean>
  /** True where no data of a person may be imported: they were erased, or take no part. */
  barsImports(host: string, userId: number): Promise<boolean>
  standing(host: string, userId: number): Promise<OptOutStatus>
  /** Adds an opt-out. `at` is the time of the request. Idempotent. */
  add(host: string, userId: number, from?: KeptOut, at?: Date): Promise<void>
  /** Ends all of a person's opt-outs. */
  join(host: string, userId: number, at: Date): Promise<void>
}

/** Whether an opt-out is in force: it is later than the person's return. */
export function isOut({ joined, ...out }: OptOutStatus, from: KeptOut): boolean {
  const since = out[from]
  return since !== undefined && (joined === undefined || since > joined)
}

/** Hashed before `<host>/<id>`. The prefix of `part` is empty, as it was when there were no other kinds. */
const PREFIX: Record<keyof OptOutStatus, string> = { part: '', imports: 'imports/', joined: 'joined/' }
const KINDS = Object.keys(PREFIX) as (keyof OptOutStatus)[]

/** Loads DATA_DIR/opt-outs into the table. */
export async function openOptOuts(store: OperationsStore, dataDir: string, key: Buffer): Promise<OptOuts> {
  const file = join(dataDir, 'opt-outs')
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  for (const { code, since } of readLines(text)) await insert(store, code, since)

  const codeOf = (kind: keyof OptOutStatus, host: string, userId: number) =>
    createHmac('sha256', key).update(`${PREFIX[kind]}${host}/${userId}`).digest('hex')

  async function standing(host: string, userId: number): Promise<OptOutStatus> {
    const times = await Promise.all(
      KINDS.map(async (kind) => [kind, await sinceOf(store, codeOf(kind, host, userId))] as const),
    )
    return Object.fromEntries(times.filter(([, since]) => since !== undefined))
  }
  async function keep(code: string, since: Date) {
    await append(file, `${since.toISOString()} ${code}`)
    await insert(store, code, since)
  }
  return {
    standing,
    has: async (host, userId) => isOut(await standing(host, userId), 'part'),
    async barsImports(host, userId) {
      const now = await standing(host, userId)
      return isOut(now, 'imports') || isOut(now, 'part')
    },
    async add(host, userId, from = 'part', at = new Date()) {
      const now = await standing(host, userId)
      if (isOut(now, from)) return
      // GitHub's times are whole seconds: of two in the same one, the later said counts.
      const since = now.joined === undefined || at > now.joined ? at : new Date(now.joined.getTime() + 1)
      await keep(codeOf(from, host, userId), since)
    },
    async join(host, userId, at) {
      const { part, imports, joined } = await standing(host, userId)
      const since = new Date(Math.max(at.getTime(), ...[part, imports].map((one) => one?.getTime() ?? 0)))
      if (joined === undefined || since > joined) await keep(codeOf('joined', host, userId), since)
    },
  }
}

/**
 * Parses the lines of the file: `<time> <code>`, in older versions the code alone. A line may begin with the rest of
 * one that a crash cut off, and an older version reads the code at its end.
 */
function readLines(text: string): { code: string; since: Date }[] {
  let last = 0
  return text.split('\n').flatMap((line) => {
    const code = line.slice(-64)
    if (!/^[0-9a-f]{64}$/.test(code)) return []
    const time = Date.parse(/\d{4}-\d\d-\d\dT[\d:.]{8,12}Z(?= $)/.exec(line.slice(-90, -64))?.[0] ?? '')
    // A line without a time is later than those above it.
    const since = Number.isNaN(time) ? last + 1 : time
    last = Math.max(last, since)
    return [{ code, since: new Date(since) }]
  })
}

const sinceOf = joinedRead(
  ({ db, wasteland }, codes: readonly string[]) =>
    db
      .selectFrom('opt_outs')
      .select(['person', 'since'])
      .where('wasteland', '=', wasteland)
      .where('person', 'in', [...new Set(codes)]),
  (rows, codes) => {
    const since = new Map(rows.map((row) => [row.person, new Date(row.since)]))
    return codes.map((code) => since.get(code))
  },
)

async function insert({ db, wasteland }: OperationsStore, person: string, since: Date) {
  await settle(
    db
      .insertInto('opt_outs')
      .values({ wasteland, person, since })
      .onConflict((conflict) =>
        conflict
          .columns(['wasteland', 'person'])
          .doUpdateSet((of) => ({ since: of.fn<Date>('greatest', ['opt_outs.since', 'excluded.since']) })),
      )
      .execute(),
  )
}

async function append(file: string, line: string) {
  const handle = await open(file, 'a', 0o600)
  try {
    await handle.appendFile(`${line}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

import { parseArgs } from 'node:util'
import { z } from 'zod'
import { tagsOf } from '../services/new-item.ts'
import { oneOf, priority, skills, wantedId } from '../commands/parser/options.ts'
import { UserError } from '../domain/errors.ts'
import { operatorWantedId } from '../domain/ids.ts'
import { oneLine } from '../domain/text.ts'
import { EFFORTS, WANTED_TYPES } from '../domain/wanted.ts'
import { notUnderstood } from './arguments.ts'
import { postAsOperator } from '../services/post.ts'
import { JSON_OPTION, logToStderr, say, sayJson } from './output.ts'
import { asPoster } from './poster.ts'
import type { Subcommand } from './subcommand.ts'

const Options = z.object({
  title: z
    .string('give a --title')
    .transform((text) => oneLine(text, 200))
    .refine((text) => text !== '', 'give a --title'),
  by: z.string('say by --by <login> whose item it is'),
  description: z
    .string()
    .transform((text) => oneLine(text, 4000))
    .default(''),
  type: oneOf(WANTED_TYPES).optional(),
  effort: oneOf(EFFORTS).default('medium'),
  priority: priority.default(2),
  tags: skills.optional(),
  parent: wantedId.optional(),
  bounty: z.boolean().optional(),
  json: z.boolean().default(false),
})

export const post: Subcommand = {
  name: 'post',
  usage:
    'wasteland-bridge post --title "…" --by <login> [--description "…"] [--type …] [--effort …] [--priority 0..4] [--tags a,b] [--parent w-…] [--bounty] [--json]',
  summary: 'puts work that is no issue on the board',
  async run(args, cli) {
    const given = readOptions(args)
    const context = given.json ? logToStderr(cli) : cli
    const config = context.readConfig()
    return asPoster(context, config, given.by, async (ledger, rig, { account, host }) => {
      const id = operatorWantedId(host, account.id, given.title)
      const { title, description, type = null, effort, parent } = given
      const about = { id, title, description: parent === undefined ? description : `Part of ${parent}. ${description}` }
      const item = {
        ...about,
        project: null,
        type,
        priority: given.priority,
        tags: tagsOf({ tags: given.tags, bounty: given.bounty === true ? true : undefined }),
        postedBy: rig,
        effort,
        at: new Date().toISOString(),
      }
      const outcome = await postAsOperator(ledger, item, { parent })
      if (outcome === 'no-parent') throw new UserError(`There is no item ${parent} on this board to be its parent.`)
      if (outcome === 'parent-withdrawn')
        throw new UserError(`${parent} was withdrawn, and cannot be the parent of another. Name an item of the board.`)
      if (given.json) sayJson({ item: id, isNew: outcome === 'posted' })
      else
        say(
          outcome === 'posted'
            ? `Posted as ${id}. A pull request takes it by the label wl:${id} or a line "Wanted: ${id}".`
            : `${id} has this title already: nothing is posted. Give another --title for other work.`,
        )
      return 0
    })
  },
}

function readOptions(args: readonly string[]): z.output<typeof Options> {
  try {
    const text = { type: 'string' } as const
    const { values } = parseArgs({
      args: [...args],
      options: {
        title: text,
        by: text,
        description: text,
        type: text,
        effort: text,
        priority: text,
        tags: text,
        parent: text,
        bounty: { type: 'boolean' },
        ...JSON_OPTION,
      },
    })
    const read = Options.safeParse(values)
    if (read.success) return read.data
    const { path, message } = read.error.issues[0]!
    throw new Error(`--${path.join('.')}: ${message}`)
  } catch (error) {
    throw notUnderstood(post.usage, (error as Error).message)
  }
}

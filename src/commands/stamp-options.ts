import { z } from 'zod'
import { person, workId, judgement, line } from './options.ts'

export const Options = z.strictObject({
  person: person.optional(),
  item: workId.optional(),
  ...judgement,
  message: line(500),
  override: line(200),
})

export type StampArgs = z.output<typeof Options>

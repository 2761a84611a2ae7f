import { z } from 'zod'

/** A list of GraphQL's of which all is there. */
export function all<T extends z.ZodType>(of: T) {
  return z
    .object({ totalCount: z.number(), nodes: z.array(of) })
    .refine(({ totalCount, nodes }) => nodes.length === totalCount)
}

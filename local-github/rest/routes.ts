import { accountRoutes } from './accounts.ts'
import { appRoutes } from './app.ts'
import type { Route } from './ask.ts'
import { checkRoutes } from './checks.ts'
import { commentRoutes } from './comments.ts'
import { commitRoutes } from './commits.ts'
import { deliveryRoutes } from './deliveries.ts'
import { issueRoutes } from './issues.ts'
import { labelRoutes } from './labels.ts'
import { manifestRoutes } from './manifest.ts'
import { pullRoutes } from './pulls.ts'
import { reactionRoutes } from './reactions.ts'
import { repositoryRoutes } from './repositories.ts'
import { reviewRoutes } from './reviews.ts'

/** Every endpoint of the REST API that this GitHub has. */
export const routes: Route[] = [
  ...accountRoutes,
  ...appRoutes,
  ...deliveryRoutes,
  ...manifestRoutes,
  ...repositoryRoutes,
  // A ref may contain slashes: routes below one come before it.
  ...checkRoutes,
  ...commitRoutes,
  // `pulls/comments` and `issues/comments` come before routes with a number in the same place.
  ...reviewRoutes,
  ...pullRoutes,
  ...commentRoutes,
  ...issueRoutes,
  ...labelRoutes,
  ...reactionRoutes,
]

export type Matcher = (method: string, path: string) => { route: Route; params: Record<string, string> } | null

export function createMatcher(): Matcher {
  const compiled = routes.map((route) => ({ route, pattern: patternOf(route.template) }))
  return (method, path) => {
    for (const { route, pattern } of compiled) {
      const found = route.method === method ? pattern.exec(path) : null
      if (!found) continue
      const params = Object.entries(found.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)])
      return { route, params: Object.fromEntries(params) }
    }
    return null
  }
}

/**
 * Paths, refs and labels may contain slashes; numbers match digits only, so that words in their place are not taken for
 * one.
 */
function patternOf(template: string): RegExp {
  const pattern = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (/_(id|number)$/.test(name)) return `(?<${name}>\\d+)`
    const slashes = ['path', 'basehead', 'ref'].includes(name)
    return `(?<${name}>${slashes ? '.+' : '[^/]+'})`
  })
  return new RegExp(`^${pattern}$`)
}

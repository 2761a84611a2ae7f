import { z } from 'zod'
import { UserError } from '../../../domain/errors.ts'
import { oneLine, withoutEndSlashes } from '../../../domain/text.ts'
import type { HookAddress } from '../../../github/manifest.ts'

/** The values of the first form. They are shown again beside the fault in one of them. */
export interface Choices {
  /** Empty for the name that app.yml has. */
  appName: string
  owner: 'personal' | 'organization'
  organization: string
  hook: 'public' | 'smee'
  publicUrl: string
}

export const NO_CHOICES: Choices = { appName: '', owner: 'personal', organization: '', hook: 'public', publicUrl: '' }

/** The schema of the first form. A field that is missing or sent twice counts as not filled in. */
export const ChoicesForm = z.object({
  appName: z.string().trim().catch(NO_CHOICES.appName),
  owner: z.enum(['personal', 'organization']).catch(NO_CHOICES.owner),
  organization: z.string().trim().max(200).catch(NO_CHOICES.organization),
  hook: z.enum(['public', 'smee']).catch(NO_CHOICES.hook),
  publicUrl: z.string().trim().max(2000).catch(NO_CHOICES.publicUrl),
})

/** The error for one field, beside which it is shown. */
export class FieldFault extends UserError {
  override name = 'FieldFault'
  readonly field: 'appName' | 'organization' | 'publicUrl'

  constructor(field: FieldFault['field'], message: string) {
    super(message)
    this.field = field
  }
}

/** GitHub's limit of a name, in characters. */
const MOST_OF_NAME = 34

/**
 * The name that the form gives the App; undefined where it gives none. Throws FieldFault for a name that GitHub takes
 * of no App.
 */
export function appNameOf({ appName }: Choices): string | undefined {
  const { length } = appName
  if (length > MOST_OF_NAME) {
    throw new FieldFault(
      'appName',
      `GitHub takes names of up to ${MOST_OF_NAME} characters, and this one has ${length}. Give a shorter one, or empty this field.`,
    )
  }
  if (appName !== '' && (oneLine(appName) !== appName || !/[\p{L}\p{N}]/u.test(appName))) {
    throw new FieldFault(
      'appName',
      'An App’s name is one line, with a letter or a digit in it. Give such a name, or empty this field.',
    )
  }
  return appName === '' ? undefined : appName
}

/**
 * The address of GitHub's registration form. Throws FieldFault for a name that no organization can have, or for one
 * beside the choice of one's own account.
 */
export function registrationUrl(choices: Choices, options: { gheUrl: string; state: string }): string {
  const base = withoutEndSlashes(options.gheUrl)
  const state = `?state=${encodeURIComponent(options.state)}`
  if (choices.owner === 'personal') {
    if (choices.organization === '') return `${base}/settings/apps/new${state}`
    throw new FieldFault(
      'organization',
      'An organization is named here, but “My own account” is chosen. Choose “An organization”, or empty this field.',
    )
  }
  return `${base}/organizations/${organizationName(choices.organization)}/settings/apps/new${state}`
}

function organizationName(text: string): string {
  if (/^[a-z\d][a-z\d-]{0,38}$/i.test(text)) return text
  throw new FieldFault(
    'organization',
    text === ''
      ? 'Give the organization’s name as it stands in its address on GitHub.'
      : 'An organization’s name has up to 39 letters, digits and hyphens. Copy it from its address on GitHub.',
  )
}

/** The webhook address that the form gives. Throws FieldFault where GitHub could not reach it. */
export async function hookFromForm(
  choices: Choices,
  newChannel: (() => Promise<string>) | undefined,
): Promise<HookAddress> {
  if (choices.hook === 'public') return { publicUrl: publicAddress(choices.publicUrl) }
  if (newChannel === undefined) throw new UserError('This bridge cannot make a smee.io channel. Give a public address.')
  return { webhookProxyUrl: await newChannel() }
}

function publicAddress(text: string): string {
  const url = URL.parse(text)
  const plain = url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  if (!plain || !['http:', 'https:'].includes(url.protocol)) {
    throw new FieldFault(
      'publicUrl',
      'Give the bridge’s whole public address, such as https://bridge.example.org, without a name, a password, a ? or a # in it.',
    )
  }
  if (/^(localhost|.*\.localhost|127\..*|\[::1?\]|0\.0\.0\.0)$/.test(url.hostname)) {
    throw new FieldFault(
      'publicUrl',
      'GitHub cannot reach this machine by that name. Give its public address, or use smee.io.',
    )
  }
  return withoutEndSlashes(url.href)
}

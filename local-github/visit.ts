export interface Page {
  status: number
  /** The address of a redirect. */
  location: string | null
  headers: Headers
  text: string
}

export interface Visit {
  cookies: Map<string, string>
  /** Does not follow redirects. */
  get(path: string, headers?: Record<string, string>): Promise<Page>
  /** Follows redirects, GitHub's too, as a browser does. */
  follow(path: string): Promise<Page>
  post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Page>
  /** Opens a page and submits its form for `action` as it stands, with the typed values. */
  submit(path: string, action: string, typed?: Record<string, string>): Promise<Page>
}

/** A browser without JavaScript: it keeps cookies and sends its origin. */
export function visit(origin: string, always: Record<string, string> = {}): Visit {
  const cookies = new Map<string, string>()

  async function request(target: string, init: RequestInit): Promise<Page> {
    const url = new URL(target, origin)
    const headers = new Headers({ ...always, ...(init.headers as Record<string, string>) })
    if (url.origin === origin && cookies.size > 0) {
      headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (/; Max-Age=0/i.test(cookie)) cookies.delete(name)
      else cookies.set(name, value)
    }
    const { status, headers: given } = response
    return { status, location: given.get('location'), headers: given, text: await response.text() }
  }

  const browser: Visit = {
    cookies,
    get: (path, headers = {}) => request(path, { headers }),
    async follow(path) {
      let page = await browser.get(path)
      for (let hops = 0; page.location !== null && hops < 6; hops += 1) page = await browser.get(page.location)
      return page
    },
    post: (path, fields, headers = { origin }) =>
      request(path, { method: 'POST', body: new URLSearchParams(fields), headers }),
    async submit(path, action, typed = {}) {
      const page = await browser.get(path)
      const [form] = new RegExp(`<form[^>]*action="${action}"[\\s\\S]*?</form>`).exec(page.text) ?? []
      if (form === undefined) throw new Error(`no form for ${action} on ${path}:\n${page.text}`)
      return browser.post(action, { token: formToken(form), ...typed })
    },
  }
  return browser
}

export function formToken(text: string): string {
  return /name="token" value="([^"]+)"/.exec(text)?.[1] ?? ''
}

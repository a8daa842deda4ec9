/** Where the reader's choices are kept: in cookies, so that the first byte of a page is already in their language and light. */
export const LOCALE_COOKIE = "duecourse-locale";
export const THEME_COOKIE = "duecourse-theme";
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** One year, in seconds. */
const KEPT_SECONDS = 365 * 24 * 60 * 60;

/** A `Set-Cookie` line for a preference; not secret, so the page may read it. */
export function preferenceCookie(name: string, value: string): string {
  return `${name}=${value}; Path=/; Max-Age=${KEPT_SECONDS}; SameSite=Lax`;
}

import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** A browser that is on the machine already; the npm one works as root and with nothing else installed. */
const SYSTEM_BROWSERS = [process.env.CHROMIUM_PATH, "/usr/bin/chromium", "/usr/bin/chromium-browser"];

/**
 * Quiet, because nothing outside this machine may be asked for anything. The arguments `@sparticuz/chromium` proposes are left
 * out: `--single-process` brings the browser down with the first window that is closed, `--disable-web-security` would hide what
 * a real browser refuses.
 */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts a headless Chromium: `CHROMIUM_PATH`, the system's, or the one `@sparticuz/chromium` brings from npm. */
export async function launchBrowser(): Promise<Browser> {
  const system = SYSTEM_BROWSERS.find((path) => path !== undefined && existsSync(path));
  if (system !== undefined) return chromium.launch({ executablePath: system, args: ARGUMENTS });
  const { default: packaged } = await import("@sparticuz/chromium");
  return chromium.launch({ executablePath: await packaged.executablePath(), args: ARGUMENTS });
}

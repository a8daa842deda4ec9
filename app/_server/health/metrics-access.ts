import { createHash, timingSafeEqual } from "node:crypto";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/**
 * Who may read the metrics: whoever sends `Authorization: Bearer <DUECOURSE_METRICS_TOKEN>`. They tell how much business is
 * done, so without a token set there is nothing to read (`absent`).
 */
export function metricsAccess(authorization: string | null): "granted" | "refused" | "absent" {
  const token = process.env.DUECOURSE_METRICS_TOKEN;
  if (token === undefined || token === "") return "absent";
  const given = authorization?.startsWith("Bearer ") === true ? authorization.slice("Bearer ".length) : "";
  return timingSafeEqual(digest(given), digest(token)) ? "granted" : "refused";
}

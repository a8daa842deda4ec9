import type { Issue } from "#engine/model/issue";
import { issue } from "#engine/model/issue";
import { err, ok, type Result } from "#engine/model/result";
import type { AgencyOutbox } from "#engine/ports/agency-outbox";
import { agencyFile } from "#engine/providers/agency-file/agency-file";
import type { ChannelsConfig } from "#engine/providers/channels-config";

/** Where batches for agencies go in this house. Issue: `agency.no-outbox`. */
export function outboxOf({ agencies }: Pick<ChannelsConfig, "agencies">): Result<AgencyOutbox, readonly Issue[]> {
  return agencies === undefined ? err([issue("agency.no-outbox")]) : ok(agencyFile(agencies));
}

CREATE TABLE "dead_letter" (
	"party_id" text NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"enrollment_id" text,
	"state" text NOT NULL,
	"attempts" integer NOT NULL,
	"first_code" text NOT NULL,
	"last_code" text NOT NULL,
	"first_at" timestamp (3) with time zone NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"wake_at" timestamp (3) with time zone,
	CONSTRAINT "dead_letter_party_id_kind_subject_pk" PRIMARY KEY("party_id","kind","subject")
);
--> statement-breakpoint
CREATE TABLE "stop" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"scope" text NOT NULL,
	"subject" text NOT NULL,
	"kind" text NOT NULL,
	"from_at" timestamp (3) with time zone NOT NULL,
	"until_at" timestamp (3) with time zone,
	"placed_by" text NOT NULL,
	"placed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"reason" text NOT NULL,
	"phase" text DEFAULT 'in-force' NOT NULL,
	"done_party" text,
	"done_key" text,
	"told_at" timestamp (3) with time zone
);
--> statement-breakpoint
DROP INDEX "enrollment_wake_at_index";--> statement-breakpoint
-- Hand-written: drizzle knows no partitions. The log becomes a partitioned table; what was in it goes to the default partition.
ALTER TABLE "decision" RENAME TO "decision_before_partitions";--> statement-breakpoint
CREATE TABLE "decision" (
	"party_id" text NOT NULL,
	"enrollment_id" text NOT NULL,
	"ordinal" integer NOT NULL,
	"step_seq" integer NOT NULL,
	"node_id" text NOT NULL,
	"handle" text,
	"code" text NOT NULL,
	"detail" text,
	"facts" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "decision_log_pk" PRIMARY KEY("party_id","enrollment_id","ordinal","at")
) PARTITION BY RANGE ("at");--> statement-breakpoint
CREATE TABLE "decision_default" PARTITION OF "decision" DEFAULT;--> statement-breakpoint
INSERT INTO "decision" SELECT "party_id", "enrollment_id", "ordinal", "step_seq", "node_id", "handle", "code", "detail", "facts", "at" FROM "decision_before_partitions";--> statement-breakpoint
DROP TABLE "decision_before_partitions";--> statement-breakpoint
ALTER TABLE "enrollment" ADD COLUMN "next_ordinal" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE "enrollment" e SET "next_ordinal" = d."next" FROM (SELECT "party_id", "enrollment_id", max("ordinal") + 1 AS "next" FROM "decision" GROUP BY 1, 2) d WHERE d."party_id" = e."party_id" AND d."enrollment_id" = e."id";--> statement-breakpoint
-- Rows of these are rewritten at every step; a tenth of a page left free keeps new versions near the old ones.
ALTER TABLE "enrollment" SET (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05);--> statement-breakpoint
ALTER TABLE "intent" SET (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05);--> statement-breakpoint
ALTER TABLE "intent" ADD COLUMN "failures" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "strategy_version" ADD COLUMN "program_format" integer GENERATED ALWAYS AS (coalesce((program ->> 'format')::int, 0)) STORED NOT NULL;--> statement-breakpoint
CREATE INDEX "dead_letter_state_last_at_index" ON "dead_letter" USING btree ("state","last_at");--> statement-breakpoint
CREATE UNIQUE INDEX "stop_in_force_unique" ON "stop" USING btree ("scope","subject") WHERE phase <> 'over';--> statement-breakpoint
CREATE INDEX "stop_subject_index" ON "stop" USING btree ("scope","subject","placed_at");--> statement-breakpoint
CREATE INDEX "decision_at_brin" ON "decision" USING brin ("at");--> statement-breakpoint
CREATE INDEX "enrollment_due_index" ON "enrollment" USING btree ("wake_at","party_id","id") WHERE status = 'active';--> statement-breakpoint
INSERT INTO "stop" ("scope", "subject", "kind", "from_at", "placed_by", "reason") SELECT 'strategy', s."id", 'pause', c."anchor_virtual" + (now() - c."anchor_real") * c."ratio", 'actor_system', 'paused before stops were rows' FROM "strategy" s, "engine_clock" c WHERE s."paused" AND c."id" = 1;--> statement-breakpoint
ALTER TABLE "strategy" DROP COLUMN "paused";
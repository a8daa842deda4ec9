CREATE TABLE "migration" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"strategy_id" text NOT NULL,
	"from_version_id" text NOT NULL,
	"to_version_id" text NOT NULL,
	"plan" jsonb NOT NULL,
	"reason" text NOT NULL,
	"placed_by" text NOT NULL,
	"placed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"done_party" text,
	"done_key" text,
	"waiting" integer DEFAULT 0 NOT NULL,
	"last_waiting" integer,
	"next_pass_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "version_move" (
	"party_id" text NOT NULL,
	"enrollment_id" text NOT NULL,
	"step_seq" integer NOT NULL,
	"ordinal" integer NOT NULL,
	"from_version_id" text NOT NULL,
	"to_version_id" text NOT NULL,
	"migration_id" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "version_move_party_id_enrollment_id_step_seq_pk" PRIMARY KEY("party_id","enrollment_id","step_seq")
);
--> statement-breakpoint
ALTER TABLE "hold" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "hold" ADD COLUMN "evidence" text;--> statement-breakpoint
ALTER TABLE "hold" ADD COLUMN "choices" jsonb;--> statement-breakpoint
CREATE UNIQUE INDEX "migration_running_unique" ON "migration" USING btree ("from_version_id") WHERE state = 'running';--> statement-breakpoint
CREATE INDEX "migration_strategy_index" ON "migration" USING btree ("strategy_id","id");--> statement-breakpoint
CREATE INDEX "version_move_migration_index" ON "version_move" USING btree ("migration_id");--> statement-breakpoint
CREATE INDEX "version_move_to_version_index" ON "version_move" USING btree ("to_version_id");
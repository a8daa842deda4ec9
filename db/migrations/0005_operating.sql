CREATE TABLE "channel_standing" (
	"worker" text NOT NULL,
	"adapter" text NOT NULL,
	"channel" text NOT NULL,
	"standing" jsonb NOT NULL,
	"health" jsonb,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "channel_standing_worker_adapter_pk" PRIMARY KEY("worker","adapter")
);
--> statement-breakpoint
CREATE TABLE "recovery" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"backup_engine_at" timestamp (3) with time zone NOT NULL,
	"backup_at" timestamp (3) with time zone NOT NULL,
	"restored_engine_at" timestamp (3) with time zone NOT NULL,
	"restored_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"lifted_at" timestamp (3) with time zone,
	"lifted_by" text,
	"reason" text
);
--> statement-breakpoint
CREATE TABLE "recovery_request" (
	"recovery_id" bigint NOT NULL,
	"key" text NOT NULL,
	"state" text NOT NULL,
	"look_after" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "recovery_request_recovery_id_key_pk" PRIMARY KEY("recovery_id","key")
);
--> statement-breakpoint
CREATE INDEX "channel_standing_seen_at_index" ON "channel_standing" USING btree ("seen_at");--> statement-breakpoint
CREATE UNIQUE INDEX "recovery_in_force_unique" ON "recovery" USING btree ((lifted_at is null)) WHERE lifted_at is null;
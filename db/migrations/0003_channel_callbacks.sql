CREATE TABLE "channel_callback" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"integration" text NOT NULL,
	"event_id" text NOT NULL,
	"intent_key" text,
	"provider_ref" text,
	"event" jsonb NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"received_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"look_after" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "channel_callback_event_unique" UNIQUE("integration","event_id")
);
--> statement-breakpoint
ALTER TABLE "intent" ADD COLUMN "unclear" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "intent" ADD COLUMN "ask_after" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "intent" ADD COLUMN "known" jsonb;--> statement-breakpoint
CREATE INDEX "channel_callback_pending_index" ON "channel_callback" USING btree ("look_after") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "intent_unknown_ask_after_index" ON "intent" USING btree ("ask_after") WHERE state = 'unknown';--> statement-breakpoint
CREATE INDEX "intent_provider_ref_index" ON "intent" USING btree ("provider","provider_ref");
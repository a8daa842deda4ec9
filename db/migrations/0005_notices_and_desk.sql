CREATE TABLE "desk_claim" (
	"intent_key" text PRIMARY KEY NOT NULL,
	"actor_id" text NOT NULL,
	"until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "contact_attempt" ADD COLUMN "notice" text;
CREATE TABLE "agency" (
	"code" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"licensed" boolean,
	"whitelisted" boolean,
	"violation" boolean,
	"contract_until" date,
	"evaluated_on" date,
	"trained_on" date,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"updated_by" text NOT NULL,
	CONSTRAINT "agency_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "agency_batch" (
	"id" text PRIMARY KEY NOT NULL,
	"agency" text NOT NULL,
	"kind" text NOT NULL,
	"manifest" jsonb NOT NULL,
	"content" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"written_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "agency_placement" (
	"party_id" text NOT NULL,
	"batch_id" text NOT NULL,
	"line" integer NOT NULL,
	"agency" text NOT NULL,
	"account_id" text NOT NULL,
	"enrollment_id" text NOT NULL,
	"intent_key" text NOT NULL,
	"placed_at" timestamp (3) with time zone NOT NULL,
	"recall_batch_id" text,
	"recall_line" integer,
	"recall_reason" text,
	"recalled_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"ending" text,
	CONSTRAINT "agency_placement_party_id_batch_id_line_pk" PRIMARY KEY("party_id","batch_id","line"),
	CONSTRAINT "agency_placement_line_unique" UNIQUE("batch_id","line"),
	CONSTRAINT "agency_placement_intent_unique" UNIQUE("intent_key")
);
--> statement-breakpoint
CREATE TABLE "agency_return" (
	"id" text PRIMARY KEY NOT NULL,
	"agency" text NOT NULL,
	"kind" text NOT NULL,
	"batch" text NOT NULL,
	"sha256" text NOT NULL,
	"lines" integer NOT NULL,
	"applied" integer NOT NULL,
	"repeated" integer NOT NULL,
	"rejected" integer NOT NULL,
	"applied_at" timestamp (3) with time zone NOT NULL,
	"actor_id" text NOT NULL,
	CONSTRAINT "agency_return_batch_unique" UNIQUE("agency","batch")
);
--> statement-breakpoint
CREATE TABLE "agency_return_issue" (
	"return_id" text NOT NULL,
	"ordinal" integer NOT NULL,
	"line" integer,
	"column_name" text NOT NULL,
	"severity" text NOT NULL,
	"code" text NOT NULL,
	"params" jsonb NOT NULL,
	CONSTRAINT "agency_return_issue_return_id_ordinal_pk" PRIMARY KEY("return_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "agency_return_line" (
	"agency" text NOT NULL,
	"kind" text NOT NULL,
	"ref" text NOT NULL,
	"hash" text NOT NULL,
	"return_id" text NOT NULL,
	"line" integer NOT NULL,
	CONSTRAINT "agency_return_line_agency_kind_ref_pk" PRIMARY KEY("agency","kind","ref")
);
--> statement-breakpoint
CREATE TABLE "desk_claim" (
	"intent_key" text PRIMARY KEY NOT NULL,
	"actor_id" text NOT NULL,
	"until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "contact_attempt" ADD COLUMN "notice" text;--> statement-breakpoint
CREATE INDEX "agency_batch_created_index" ON "agency_batch" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "agency_batch_unwritten_index" ON "agency_batch" USING btree ("created_at") WHERE written_at is null;--> statement-breakpoint
CREATE INDEX "agency_placement_out_index" ON "agency_placement" USING btree ("agency","placed_at") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "agency_placement_recall_index" ON "agency_placement" USING btree ("recall_batch_id");--> statement-breakpoint
CREATE INDEX "agency_return_applied_index" ON "agency_return" USING btree ("applied_at");--> statement-breakpoint
CREATE INDEX "intent_open_placement_index" ON "intent" USING btree ("key") WHERE kind = 'task' and state = 'sent' and provider = 'house' and details ->> 'task' = 'placement';
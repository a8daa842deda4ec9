CREATE TABLE "payment_plan" (
	"id" text PRIMARY KEY NOT NULL,
	"party_id" text NOT NULL,
	"account_id" text NOT NULL,
	"instalments" integer NOT NULL,
	"instalment_minor" bigint NOT NULL,
	"first_due" date NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "promise" (
	"id" text PRIMARY KEY NOT NULL,
	"party_id" text NOT NULL,
	"account_id" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"due_date" date NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"result" text,
	"paid_minor" bigint,
	"source" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "intent" ALTER COLUMN "content_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "enrollment" ADD COLUMN "despite" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "intent" ADD COLUMN "details" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "contact_point" ADD COLUMN "rank" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
CREATE INDEX "payment_plan_account_opened_index" ON "payment_plan" USING btree ("account_id","opened_at");--> statement-breakpoint
CREATE INDEX "promise_account_opened_index" ON "promise" USING btree ("account_id","opened_at");--> statement-breakpoint
CREATE INDEX "promise_party_opened_index" ON "promise" USING btree ("party_id","opened_at");--> statement-breakpoint
CREATE INDEX "promise_party_broken_index" ON "promise" USING btree ("party_id","closed_at") WHERE result = 'broken';--> statement-breakpoint
CREATE INDEX "payment_party_at_index" ON "payment" USING btree ("party_id","at");
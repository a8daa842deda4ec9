CREATE TABLE "cure_reversal" (
	"payment_id" text PRIMARY KEY NOT NULL,
	"party_id" text NOT NULL,
	"account_id" text NOT NULL,
	"enrollment_id" text NOT NULL,
	"decision" text,
	"decided_by" text,
	"decided_at" timestamp (3) with time zone,
	"reason" text
);
--> statement-breakpoint
CREATE TABLE "conversation" (
	"party_id" text NOT NULL,
	"id" text NOT NULL,
	"intent_key" text NOT NULL,
	"account_id" text NOT NULL,
	"enrollment_id" text NOT NULL,
	"channel" text NOT NULL,
	"kind" text NOT NULL,
	"source" text NOT NULL,
	"turns" jsonb NOT NULL,
	"is_cut" boolean NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"judge_after" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"verdict" text,
	"score" integer,
	"judgement" jsonb,
	"judged_at" timestamp (3) with time zone,
	"review" text,
	"review_why" text,
	"reviewed_by" text,
	"reviewed_at" timestamp (3) with time zone,
	"review_reason" text,
	CONSTRAINT "conversation_party_id_id_pk" PRIMARY KEY("party_id","id"),
	CONSTRAINT "conversation_id_unique" UNIQUE("id")
);
--> statement-breakpoint
CREATE TABLE "contact_recall" (
	"party_id" text NOT NULL,
	"intent_key" text NOT NULL,
	"why" text NOT NULL,
	"wanted_at" timestamp (3) with time zone NOT NULL,
	"unclear" integer DEFAULT 0 NOT NULL,
	"ask_after" timestamp (3) with time zone DEFAULT now(),
	"answer" text,
	"answered_at" timestamp (3) with time zone,
	CONSTRAINT "contact_recall_party_id_intent_key_pk" PRIMARY KEY("party_id","intent_key"),
	CONSTRAINT "contact_recall_intent_unique" UNIQUE("intent_key")
);
--> statement-breakpoint
CREATE TABLE "channel_consent" (
	"contact_point_id" text NOT NULL,
	"channel" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"given" boolean NOT NULL,
	"evidence" text NOT NULL,
	"recorded_by" text NOT NULL,
	"recorded_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "channel_consent_contact_point_id_channel_at_given_pk" PRIMARY KEY("contact_point_id","channel","at","given")
);
--> statement-breakpoint
ALTER TABLE "enrollment" DROP CONSTRAINT "enrollment_account_version_unique";--> statement-breakpoint
ALTER TABLE "enrollment" ADD COLUMN "round" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "contact_attempt" ADD COLUMN "call_back_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "cure_reversal_open_index" ON "cure_reversal" USING btree ("payment_id") WHERE decision is null;--> statement-breakpoint
CREATE INDEX "cure_reversal_account_index" ON "cure_reversal" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "conversation_unjudged_index" ON "conversation" USING btree ("judge_after") WHERE verdict is null;--> statement-breakpoint
CREATE INDEX "conversation_review_index" ON "conversation" USING btree ("at","id") WHERE review in ('open', 'follow-up');--> statement-breakpoint
CREATE INDEX "conversation_enrollment_index" ON "conversation" USING btree ("enrollment_id","channel");--> statement-breakpoint
CREATE INDEX "contact_recall_open_index" ON "contact_recall" USING btree ("ask_after") WHERE answer is null;--> statement-breakpoint
CREATE INDEX "intent_open_conversation_index" ON "intent" USING btree ("key") WHERE kind = 'conversation-qa' and state = 'sent' and provider = 'house' and provider_ref is null;--> statement-breakpoint
ALTER TABLE "enrollment" ADD CONSTRAINT "enrollment_account_version_unique" UNIQUE("account_id","version_id","round");--> statement-breakpoint
-- Hand-written: what people took back so far was remembered by its audit row alone.
INSERT INTO "channel_consent" ("contact_point_id", "channel", "at", "given", "evidence", "recorded_by", "recorded_at")
SELECT a."subject", a."detail" ->> 'channel', a."at", false, coalesce('reply:' || (a."detail" ->> 'integration'), 'audit'), a."actor_id", a."at"
FROM "audit" a WHERE a."action" = 'consent.refused' AND a."detail" ->> 'channel' IS NOT NULL
ON CONFLICT DO NOTHING;--> statement-breakpoint
-- Hand-written: reversals after a cure were noted in the audit alone.
INSERT INTO "cure_reversal" ("payment_id", "party_id", "account_id", "enrollment_id")
SELECT DISTINCT ON (p."id") p."id", p."party_id", p."account_id", e."id"
FROM "audit" a JOIN "payment" p ON p."id" = a."detail" ->> 'paymentId'
JOIN "enrollment" e ON e."account_id" = p."account_id" AND e."exit_reason" = 'cured'
WHERE a."action" = 'payment.reversed-after-cure'
	AND NOT EXISTS (SELECT 1 FROM "enrollment" o WHERE o."account_id" = p."account_id" AND o."status" IN ('active', 'paused', 'held'))
ORDER BY p."id", e."entered_at" DESC;

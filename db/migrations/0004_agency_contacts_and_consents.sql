CREATE TABLE "outside_contact" (
	"party_id" text NOT NULL,
	"id" text NOT NULL,
	"account_id" text,
	"contact_point_id" text,
	"channel" text NOT NULL,
	"role" text DEFAULT 'self' NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"outcome" text,
	"connected" boolean NOT NULL,
	"conversed" boolean NOT NULL,
	"source" text NOT NULL,
	CONSTRAINT "outside_contact_party_id_id_pk" PRIMARY KEY("party_id","id")
);
--> statement-breakpoint
CREATE TABLE "recorded_consent" (
	"party_id" text NOT NULL,
	"id" text NOT NULL,
	"rules" jsonb NOT NULL,
	"channels" jsonb NOT NULL,
	"windows" jsonb,
	"from_at" timestamp (3) with time zone NOT NULL,
	"until_at" timestamp (3) with time zone NOT NULL,
	"evidence" text NOT NULL,
	"recorded_by" text NOT NULL,
	CONSTRAINT "recorded_consent_party_id_id_pk" PRIMARY KEY("party_id","id")
);
--> statement-breakpoint
CREATE INDEX "outside_contact_party_at_index" ON "outside_contact" USING btree ("party_id","at");
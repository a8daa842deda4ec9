CREATE TABLE "account" (
	"id" text PRIMARY KEY NOT NULL,
	"party_id" text NOT NULL,
	"account_no" text NOT NULL,
	"customer_no" text NOT NULL,
	"currency" text NOT NULL,
	"overdue_since" date,
	"overdue_minor" bigint NOT NULL,
	"total_outstanding_minor" bigint NOT NULL,
	"data_date" date NOT NULL,
	"status" text NOT NULL,
	"time_zone" text,
	"fields" jsonb NOT NULL,
	"batch_id" text,
	"synthetic" boolean NOT NULL,
	CONSTRAINT "account_account_no_unique" UNIQUE("account_no")
);
--> statement-breakpoint
CREATE TABLE "payment" (
	"id" text PRIMARY KEY NOT NULL,
	"party_id" text NOT NULL,
	"account_id" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"reversed" boolean NOT NULL,
	"source" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"actor_id" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"detail" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "engine_clock" (
	"id" integer PRIMARY KEY NOT NULL,
	"mode" text NOT NULL,
	"ratio" double precision NOT NULL,
	"anchor_real" timestamp (3) with time zone NOT NULL,
	"anchor_virtual" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "engine_clock_single_row" CHECK ("engine_clock"."id" = 1),
	CONSTRAINT "engine_clock_ratio_not_negative" CHECK ("engine_clock"."ratio" >= 0)
);
--> statement-breakpoint
CREATE TABLE "arm_assignment" (
	"party_id" text NOT NULL,
	"experiment_key" text NOT NULL,
	"phase" integer NOT NULL,
	"arm" text NOT NULL,
	"assigned_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "arm_assignment_party_id_experiment_key_phase_pk" PRIMARY KEY("party_id","experiment_key","phase")
);
--> statement-breakpoint
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
	CONSTRAINT "decision_party_id_enrollment_id_ordinal_pk" PRIMARY KEY("party_id","enrollment_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "enrollment" (
	"party_id" text NOT NULL,
	"id" text NOT NULL,
	"account_id" text NOT NULL,
	"version_id" text NOT NULL,
	"status" text NOT NULL,
	"node_id" text NOT NULL,
	"step_seq" integer NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"entered_at" timestamp (3) with time zone NOT NULL,
	"wake_at" timestamp (3) with time zone,
	"attempt" integer NOT NULL,
	"pending" boolean NOT NULL,
	"loop_counts" jsonb NOT NULL,
	"vars" jsonb NOT NULL,
	"exit_reason" text,
	"exit_label" text,
	"fault" jsonb,
	"fence" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "enrollment_party_id_id_pk" PRIMARY KEY("party_id","id"),
	CONSTRAINT "enrollment_account_version_unique" UNIQUE("account_id","version_id")
);
--> statement-breakpoint
CREATE TABLE "import_batch" (
	"id" text PRIMARY KEY NOT NULL,
	"file_name" text NOT NULL,
	"file_sha256" text NOT NULL,
	"mapping_name" text,
	"options" jsonb NOT NULL,
	"rows" integer NOT NULL,
	"accepted" integer NOT NULL,
	"rejected" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"actor_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "import_mapping" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"mapping" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "import_mapping_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "import_rejection" (
	"id" serial PRIMARY KEY NOT NULL,
	"batch_id" text NOT NULL,
	"line" integer,
	"column_index" integer,
	"column_name" text NOT NULL,
	"code" text NOT NULL,
	"params" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "inbox" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"dedupe_key" text NOT NULL,
	"party_id" text NOT NULL,
	"enrollment_id" text,
	"account_id" text,
	"type" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"step_seq" integer,
	"attempt" integer,
	"data" jsonb NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"error" text,
	"received_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "inbox_dedupe_key_unique" UNIQUE("dedupe_key")
);
--> statement-breakpoint
CREATE TABLE "contact_attempt" (
	"party_id" text NOT NULL,
	"intent_key" text NOT NULL,
	"account_id" text NOT NULL,
	"enrollment_id" text NOT NULL,
	"contact_point_id" text NOT NULL,
	"channel" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"outcome" text,
	"connected" boolean NOT NULL,
	"conversed" boolean NOT NULL,
	"cost_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	CONSTRAINT "contact_attempt_party_id_intent_key_pk" PRIMARY KEY("party_id","intent_key"),
	CONSTRAINT "contact_attempt_intent_key_unique" UNIQUE("intent_key")
);
--> statement-breakpoint
CREATE TABLE "intent" (
	"party_id" text NOT NULL,
	"key" text NOT NULL,
	"enrollment_id" text NOT NULL,
	"account_id" text NOT NULL,
	"step_seq" integer NOT NULL,
	"attempt" integer NOT NULL,
	"node_id" text NOT NULL,
	"kind" text NOT NULL,
	"channel" text,
	"content_id" text NOT NULL,
	"lexicon" text,
	"not_before" timestamp (3) with time zone NOT NULL,
	"not_after" timestamp (3) with time zone NOT NULL,
	"state" text NOT NULL,
	"reasons" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"provider" text,
	"provider_ref" text,
	"cost_minor" bigint,
	"lease_until" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "intent_party_id_key_pk" PRIMARY KEY("party_id","key"),
	CONSTRAINT "intent_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "contact_point" (
	"id" text PRIMARY KEY NOT NULL,
	"party_id" text NOT NULL,
	"kind" text NOT NULL,
	"address" text NOT NULL,
	"simulated" boolean NOT NULL,
	"status" text NOT NULL,
	"consent" jsonb NOT NULL,
	CONSTRAINT "contact_point_party_kind_address_unique" UNIQUE("party_id","kind","address")
);
--> statement-breakpoint
CREATE TABLE "hold" (
	"id" text PRIMARY KEY NOT NULL,
	"party_id" text NOT NULL,
	"kind" text NOT NULL,
	"from_at" timestamp (3) with time zone NOT NULL,
	"until_at" timestamp (3) with time zone,
	"source" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "party" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_no" text NOT NULL,
	"time_zone" text,
	CONSTRAINT "party_customer_no_unique" UNIQUE("customer_no")
);
--> statement-breakpoint
CREATE TABLE "simulation_run" (
	"id" text PRIMARY KEY NOT NULL,
	"program_hash" text NOT NULL,
	"portfolio_fingerprint" text NOT NULL,
	"synthetic" boolean NOT NULL,
	"currency" text NOT NULL,
	"from_date" date NOT NULL,
	"days" integer NOT NULL,
	"seed" integer NOT NULL,
	"result" jsonb NOT NULL,
	"actor_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "strategy" (
	"id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"name" jsonb NOT NULL,
	"draft" jsonb NOT NULL,
	"draft_revision" integer NOT NULL,
	"draft_updated_at" timestamp (3) with time zone NOT NULL,
	"live_version_id" text,
	"paused" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "strategy_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "strategy_version" (
	"id" text PRIMARY KEY NOT NULL,
	"strategy_id" text NOT NULL,
	"number" integer NOT NULL,
	"doc" jsonb NOT NULL,
	"doc_text" text NOT NULL,
	"program" jsonb NOT NULL,
	"hash" text NOT NULL,
	"content_hash" text NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"published_by" text NOT NULL,
	CONSTRAINT "strategy_version_strategy_number_unique" UNIQUE("strategy_id","number")
);
--> statement-breakpoint
ALTER TABLE "account" ADD CONSTRAINT "account_party_id_party_id_fk" FOREIGN KEY ("party_id") REFERENCES "public"."party"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_rejection" ADD CONSTRAINT "import_rejection_batch_id_import_batch_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."import_batch"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_point" ADD CONSTRAINT "contact_point_party_id_party_id_fk" FOREIGN KEY ("party_id") REFERENCES "public"."party"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "strategy_version" ADD CONSTRAINT "strategy_version_strategy_id_strategy_id_fk" FOREIGN KEY ("strategy_id") REFERENCES "public"."strategy"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "account_party_index" ON "account" USING btree ("party_id");--> statement-breakpoint
CREATE INDEX "account_overdue_since_index" ON "account" USING btree ("overdue_since","id");--> statement-breakpoint
CREATE INDEX "payment_account_at_index" ON "payment" USING btree ("account_id","at");--> statement-breakpoint
CREATE INDEX "audit_subject_index" ON "audit" USING btree ("subject","at");--> statement-breakpoint
CREATE INDEX "enrollment_wake_at_index" ON "enrollment" USING btree ("wake_at") WHERE status = 'active';--> statement-breakpoint
CREATE INDEX "enrollment_version_node_status_index" ON "enrollment" USING btree ("version_id","node_id","status");--> statement-breakpoint
CREATE INDEX "import_rejection_batch_line_index" ON "import_rejection" USING btree ("batch_id","line");--> statement-breakpoint
CREATE INDEX "inbox_pending_at_index" ON "inbox" USING btree ("at") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "inbox_pending_party_enrollment_index" ON "inbox" USING btree ("party_id","enrollment_id","at") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "contact_attempt_party_at_index" ON "contact_attempt" USING btree ("party_id","at");--> statement-breakpoint
CREATE INDEX "contact_attempt_enrollment_index" ON "contact_attempt" USING btree ("enrollment_id");--> statement-breakpoint
CREATE INDEX "intent_ready_not_before_index" ON "intent" USING btree ("not_before") WHERE state = 'ready';--> statement-breakpoint
CREATE INDEX "intent_sending_lease_index" ON "intent" USING btree ("lease_until") WHERE state = 'sending';--> statement-breakpoint
CREATE INDEX "intent_account_index" ON "intent" USING btree ("account_id","updated_at");--> statement-breakpoint
CREATE INDEX "hold_party_from_index" ON "hold" USING btree ("party_id","from_at");--> statement-breakpoint
CREATE INDEX "simulation_run_program_created_index" ON "simulation_run" USING btree ("program_hash","created_at");
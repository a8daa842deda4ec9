ALTER TABLE "intent" ADD COLUMN "terms" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "contact_point" ADD COLUMN "rank" integer DEFAULT 1 NOT NULL;
ALTER TABLE "audit" ADD COLUMN "seq" bigint;--> statement-breakpoint
ALTER TABLE "audit" ADD COLUMN "hash" text;--> statement-breakpoint
CREATE INDEX "audit_unsealed_index" ON "audit" USING btree ("id") WHERE seq is null;--> statement-breakpoint
ALTER TABLE "audit" ADD CONSTRAINT "audit_seq_unique" UNIQUE("seq");
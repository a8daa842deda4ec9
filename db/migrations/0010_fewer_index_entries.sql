DROP INDEX "contact_attempt_enrollment_index";--> statement-breakpoint
DROP INDEX "intent_account_index";--> statement-breakpoint
DROP INDEX "intent_provider_ref_index";--> statement-breakpoint
CREATE INDEX "intent_provider_ref_index" ON "intent" USING btree ("provider","provider_ref") WHERE provider_ref is not null;--> statement-breakpoint
-- Every contact is written twice or three times and none of its later values is in an index: with room on the page it moves in no index.
ALTER TABLE "contact_attempt" SET (fillfactor = 50);

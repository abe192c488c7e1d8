package com.matih.tenantmigration.workflow.report;

/**
 * Why a migration cannot begin.
 *
 * @param store {@code postgres}, {@code objectStorage}, {@code kafka}, {@code elasticsearch},
 *     {@code redis}, {@code snapshot}, {@code tenantConfig} or {@code request}
 * @param object the table, bucket, topic, … that stands in the way
 * @param reason what is wrong with it
 * @param remedy what to do about it
 */
public record Refusal(String store, String object, String reason, String remedy) {}

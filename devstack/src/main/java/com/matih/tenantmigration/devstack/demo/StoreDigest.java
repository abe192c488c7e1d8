package com.matih.tenantmigration.devstack.demo;

/**
 * What a store holds, in short.
 *
 * @param store what was looked at, for people
 * @param count how many rows, objects, records or documents
 * @param digest the same where all of them are the same
 */
public record StoreDigest(String store, long count, String digest) {}

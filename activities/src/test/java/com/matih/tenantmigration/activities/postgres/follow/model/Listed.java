package com.matih.tenantmigration.activities.postgres.follow.model;

/**
 * A row that moved, and whose children are therefore carried over whether they are noted or not.
 *
 * @param movers the transactions that moved it
 */
record Listed(Key key, int movers) {}

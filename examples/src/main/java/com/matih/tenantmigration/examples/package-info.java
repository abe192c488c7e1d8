/** Services that use the Java client, to learn from and to begin with. */
package com.matih.tenantmigration.examples;

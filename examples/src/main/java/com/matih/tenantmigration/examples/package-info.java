/** Example services that use the Java client, as a starting point. */
package com.matih.tenantmigration.examples;

/** How text is laid out: tables, wrapped lines, Markdown, and the screen that shows them. */
@NullMarked
package com.matih.tenantmigration.starter.layout;

import org.jspecify.annotations.NullMarked;

package com.matih.tenantmigration.activities.objectstorage.content;

import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import java.util.Map;

/**
 * Gives a written object its source's tags. Tags can't be written together with the content in a
 * way that all servers read the same, so a second attempt looks at them again.
 */
public final class TagCopy {

  private final TenantObjects objects;
  private final SourceReader reader;

  public TagCopy(TenantObjects objects) {
    this.objects = objects;
    this.reader = new SourceReader(objects.source());
  }

  public void copy(ObjectEntry object) {
    Map<String, String> tags = reader.tags(object);
    if (!tags.isEmpty()) {
      objects.target().putTags(objects.targetKey(object), tags);
    }
  }
}

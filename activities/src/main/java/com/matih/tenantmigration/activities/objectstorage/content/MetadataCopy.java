package com.matih.tenantmigration.activities.objectstorage.content;

import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import java.util.Map;

/** Looks for changes of metadata or tags that no listing shows. */
public final class MetadataCopy {

  private final TenantObjects objects;
  private final SourceReader reader;

  public MetadataCopy(TenantObjects objects) {
    this.objects = objects;
    this.reader = new SourceReader(objects.source());
  }

  /** Whether a copy has other headers than its source, so that it has to be written again. */
  public boolean hasOtherHeaders(ObjectEntry object) {
    ObjectStore target = objects.target();
    String key = objects.targetKey(object);
    ObjectAttributes original =
        ObjectAttributes.of(objects.source().uri(object.key()), reader.head(object));
    return !original.differences(ObjectAttributes.of(target.uri(key), target.head(key))).isEmpty();
  }

  /**
   * Gives a copy its source's tags where it has others.
   *
   * @return whether it had others
   */
  public boolean alignTags(ObjectEntry object) {
    String key = objects.targetKey(object);
    Map<String, String> tags = reader.tags(object);
    if (tags.equals(objects.target().tags(key))) {
      return false;
    }
    objects.target().putTags(key, tags);
    return true;
  }
}

<?php
// Brings one site to a wanted state. Reads from standard input
//   {"site": {"title", "tagline"}, "reset": bool, "comments": bool, "items": [
//     {"key", "kind", "to", "by", "at", "changed", "title", "html", "deleted"}]}
// with times in UTC, and writes {"key": id} for all items it knows. Items it has seen before are
// edited, trashed or left alone; the times are those of the story, never the machine's.
$wanted = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
$address = parse_url(getenv('SAMPLE_HOME'));
$_SERVER['HTTP_HOST'] = $address['host'] . ':' . $address['port'];
$_SERVER['REQUEST_URI'] = '/';
$_SERVER['REMOTE_ADDR'] = '127.0.0.1';
define('WP_INSTALLING', true);
require getenv('SAMPLE_ROOT') . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
add_filter('pre_wp_mail', '__return_true');

if ($wanted['reset']) {
    global $wpdb;
    foreach ($wpdb->get_col("SHOW TABLES LIKE '" . $wpdb->esc_like($wpdb->prefix) . "%'") as $table) {
        $wpdb->query("DROP TABLE `$table`");
    }
    wp_cache_flush();
    wp_install($wanted['site']['title'], 'editor', 'editor@bayline.example', true, '', wp_generate_password());
    foreach (['post', 'page'] as $type) {
        foreach (get_posts(['post_type' => $type, 'numberposts' => -1, 'post_status' => 'any']) as $post) {
            wp_delete_post($post->ID, true);
        }
    }
    update_option('blogdescription', $wanted['site']['tagline']);
    update_option('timezone_string', 'America/Los_Angeles');
    update_option('comment_moderation', 0);
    update_option('comment_previously_approved', 0);
    update_option('show_avatars', 0);
    wp_update_user(['ID' => 1, 'display_name' => $wanted['site']['title']]);
    global $wp_rewrite;
    $wp_rewrite->init();
    $wp_rewrite->set_permalink_structure('/%year%/%monthnum%/%postname%/');
    flush_rewrite_rules();
}

// WordPress stamps each save with the clock of the machine; the story has its own.
add_filter('wp_insert_post_data', function ($data, $raw) {
    if (isset($raw['changed'])) {
        $data['post_modified_gmt'] = $raw['changed'];
        $data['post_modified'] = get_date_from_gmt($raw['changed']);
    }
    return $data;
}, 10, 2);

$ids = get_option('sample_ids', []);
foreach ($wanted['items'] as $item) {
    $id = $ids[$item['key']] ?? null;
    if ($item['kind'] === 'post') {
        if ($item['deleted']) {
            $id && get_post_status($id) !== 'trash' && wp_trash_post($id);
            continue;
        }
        $fields = ['ID' => $id ?? 0, 'post_title' => $item['title'], 'post_content' => $item['html'],
            'post_name' => $item['key'], 'post_status' => 'publish', 'post_author' => 1,
            'comment_status' => $wanted['comments'] ? 'open' : 'closed',
            'post_date_gmt' => $item['at'], 'post_date' => get_date_from_gmt($item['at']),
            'changed' => $item['changed']];
        $old = $id ? get_post($id) : null;
        if (!$old || $old->post_content !== $item['html'] || $old->post_title !== $item['title']) {
            $ids[$item['key']] = wp_insert_post(wp_slash($fields), true);
        }
    } elseif (!$id && !$item['deleted']) {
        $own = $item['kind'] === 'reply';
        [$post, $parent] = sample_place($item['to'], $wanted['items'], $ids);
        $ids[$item['key']] = wp_insert_comment(wp_slash([
            'comment_post_ID' => $post, 'comment_parent' => $parent,
            'user_id' => $own ? 1 : 0,
            'comment_author' => $own ? $wanted['site']['title'] : $item['by'],
            'comment_author_email' => $own ? 'editor@bayline.example' : 'reader@mail.example',
            'comment_content' => $item['html'], 'comment_approved' => 1,
            'comment_date_gmt' => $item['at'], 'comment_date' => get_date_from_gmt($item['at'])]));
    }
}
update_option('sample_ids', $ids);
echo json_encode((object) $ids);

function sample_place(string $key, array $items, array $ids): array
{
    // The post under which a thread hangs, and the comment answered (0: the post itself).
    $parent = 0;
    $by_key = array_column($items, null, 'key');
    while ($by_key[$key]['kind'] !== 'post') {
        $parent = $parent ?: $ids[$key];
        $key = $by_key[$key]['to'];
    }
    return [$ids[$key], $parent];
}

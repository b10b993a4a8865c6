<?php
// One WordPress for all the sample's sites: each has its own tables and its own port, named by
// the environment. Nothing leaves the machine.
define('DB_NAME', getenv('WP_DB_NAME') ?: 'wp');
define('DB_USER', getenv('WP_DB_USER') ?: 'wp');
define('DB_PASSWORD', getenv('WP_DB_PASSWORD') ?: 'wp');
define('DB_HOST', getenv('WP_DB_HOST') ?: '127.0.0.1:13306');
define('DB_CHARSET', 'utf8mb4');
$table_prefix = 'sample_' . getenv('SAMPLE_SITE') . '_';
define('WP_HOME', getenv('SAMPLE_HOME'));
define('WP_SITEURL', getenv('SAMPLE_HOME'));
define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('WP_DEBUG', false);
foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY',
          'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT'] as $name) {
    define($name, 'for-recording-only-' . $name);
}
defined('ABSPATH') || define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';

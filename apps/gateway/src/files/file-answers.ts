import type { Localized } from '@loa/event-sourcing';
import type { PutRefusal } from '@loa/files';

export interface FileRefusal {
  readonly status: number;
  readonly body: { readonly code: string; readonly message: Localized };
}

type Code = PutRefusal | 'file-not-found' | 'broken';

const refusals: Readonly<Record<Code, readonly [status: number, vi: string, en: string]>> = {
  'not-a-sha256': [
    400,
    'Địa chỉ phải là /files/ rồi đến mã SHA-256 của tệp: 64 chữ số thập lục phân viết thường.',
    'The address must be /files/ and the SHA-256 of the file: 64 lower-case hexadecimal digits.',
  ],
  empty: [
    400,
    'Tệp rỗng. Chọn đúng tệp rồi tải lên lại.',
    'The file is empty. Choose the right file and upload it again.',
  ],
  'size-differs': [
    400,
    'Số byte nhận được không khớp với Content-Length. Tải lên lại.',
    'The bytes received are not as many as Content-Length says. Upload it again.',
  ],
  'too-large': [
    413,
    'Tệp lớn hơn 25 MiB. Nén hoặc chia nhỏ tệp, hoặc đính kèm đường dẫn.',
    'The file is larger than 25 MiB. Compress or split it, or attach a link.',
  ],
  'media-type': [
    415,
    'Không nhận loại tệp này. Nhận PDF, PNG, JPEG, WebP, MP4, MP3, Word, Excel, PowerPoint (không có macro), ZIP và văn bản UTF-8.',
    'Files of this kind are not taken. Send PDF, PNG, JPEG, WebP, MP4, MP3, Word, Excel, PowerPoint (without macros), ZIP or UTF-8 text.',
  ],
  'hash-differs': [
    422,
    'Nội dung nhận được không khớp với mã SHA-256 trong địa chỉ. Tính lại mã rồi tải lên lại.',
    'The bytes received do not match the SHA-256 in the address. Compute it again and upload again.',
  ],
  'file-not-found': [
    404,
    'Không có tệp này. Kiểm tra mã SHA-256.',
    'There is no such file. Check the SHA-256.',
  ],
  broken: [
    500,
    'Máy chủ gặp lỗi khi lưu hoặc đọc tệp. Thử lại sau ít phút.',
    'Something broke while storing or reading the file. Try again in a few minutes.',
  ],
};

/** The answer for a file that was not taken in or cannot be given out. */
export function fileRefusal(code: Code): FileRefusal {
  const [status, vi, en] = refusals[code];
  return { status, body: { code, message: { vi, en } } };
}

const extensions: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
  'audio/mpeg': 'mp3',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
  'application/zip': 'zip',
  'text/plain': 'txt',
};

/**
 * `Content-Disposition` that makes a browser save the file. The ending follows the bytes, whatever the link says:
 * nobody gets a program from us because a link calls it one.
 * @param name what to call it, e.g. the name it was uploaded with
 */
export function attachment(name: string, mediaType: string): string {
  const stem = name
    .normalize('NFC')
    .replace(/\.[^.]{0,10}$/, '')
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f\u007f"*/:<>?\\|\p{Bidi_Control}\p{Surrogate}]/gu, '_')
    .slice(0, 150)
    .replace(/\p{Surrogate}$/u, '');
  const full = `${stem || 'tep'}.${extensions[mediaType] ?? 'bin'}`;
  const encoded = encodeURIComponent(full).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${full.replace(/[^\x20-\x7e]/g, '_')}"; filename*=UTF-8''${encoded}`;
}

import { attachment, fileRefusal } from './file-answers.js';

const faces = '😀'.repeat(75);

it.each([
  ['Biên bản.pdf', 'application/pdf', 'Bi_n b_n.pdf', 'Bi%C3%AAn%20b%E1%BA%A3n.pdf'],
  ['run.bat', 'text/plain', 'run.txt', 'run.txt'],
  ['a"; x=\r\n/b', 'image/png', 'a_; x=___b.png', 'a_%3B%20x%3D___b.png'],
  ['', 'application/zip', 'tep.zip', 'tep.zip'],
  ['x(1)', 'font/ttf', 'x(1).bin', 'x%281%29.bin'],
  ['\ud800', 'image/png', '_.png', '_.png'],
  [`${faces}x`, 'image/png', `${'_'.repeat(150)}.png`, `${'%F0%9F%98%80'.repeat(75)}.png`],
  [`x${faces}`, 'image/png', `x${'_'.repeat(148)}.png`, `x${'%F0%9F%98%80'.repeat(74)}.png`],
])('saves %j of %s as it should be', (name, mediaType, ascii, encoded) =>
  expect(attachment(name, mediaType)).toBe(`attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`),
);

it('says what to do in both languages', () =>
  expect(fileRefusal('hash-differs')).toEqual({
    status: 422,
    body: {
      code: 'hash-differs',
      message: {
        vi: 'Nội dung nhận được không khớp với mã SHA-256 trong địa chỉ. Tính lại mã rồi tải lên lại.',
        en: 'The bytes received do not match the SHA-256 in the address. Compute it again and upload again.',
      },
    },
  }));
